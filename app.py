"""Shipdesk. Run as a script it draws the pages; imported it is the server: pages, /v1 and /healthz on one port."""

import streamlit as st

if __name__ == "__main__":
    from lib.ui.shell import render

    render()
else:
    from lib.api.server import lifespan, middleware, routes
    from lib.ui.shell import claim_pages

    claim_pages()
    app = st.App(__file__, routes=routes(), lifespan=lifespan, middleware=middleware())
