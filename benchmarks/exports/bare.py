"""A server that does nothing but send one file: `python -m benchmarks.exports.bare PORT FILE`.

uvicorn is set up as Streamlit sets it up for the pages and the API.
"""

import sys

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route


def main(port: str, path: str) -> None:
    def send(_request: Request) -> Response:
        return FileResponse(path, media_type="text/csv; charset=utf-8")

    uvicorn.run(
        Starlette(routes=[Route("/file", send)]),
        host="localhost",
        port=int(port),
        use_colors=False,
        access_log=False,
        log_level="warning",
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
