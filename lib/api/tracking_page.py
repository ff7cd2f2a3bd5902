"""The public tracking page: plain HTML without a script, for anybody who has the link."""

import hashlib
import re
from base64 import b64encode
from collections.abc import Callable
from html import escape

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from lib.address.local_time import arrival, moment_words
from lib.desk.protocol import Desk
from lib.models.base import iso_instant
from lib.models.errors import NotFound
from lib.models.statuses import COMPLETED
from lib.models.trackers import PublicTracking, PublicUpdate
from lib.store.links import TRACKING_PREFIX
from lib.tracking.words import STATUS_WORDS

_STYLE = """
:root { color-scheme: light dark; --page: #ffffff; --panel: #f5f4f0; --text: #121715; --soft: #565d59; --line: #d9d7cf;
  --accent: #17665d; }
@media (prefers-color-scheme: dark) { :root { --page: #14181a; --panel: #1f2528; --text: #e8ebe9; --soft: #a3aca8;
  --line: #39423f; --accent: #5fc2b4; } }
*, ::before { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--text); font: 16px/1.5 system-ui, sans-serif;
  font-variant-numeric: tabular-nums; overflow-wrap: anywhere; }
main { max-width: 38rem; margin: 0 auto; padding: 3rem 1.25rem 4rem; }
h1 { font-size: 1.75rem; font-weight: 650; line-height: 1.2; margin: 0 0 .25rem; }
h2 { font-size: 1.25rem; font-weight: 600; margin: 2.25rem 0 .75rem; }
p { margin: 0 0 .5rem; } a { color: var(--accent); }
.when { font-size: 1.1rem; }
.zone { margin-top: .75rem; }
.test { display: inline-block; margin: 0 0 1rem; padding: .1rem .6rem; border: 1px solid var(--line);
  border-radius: 8px; color: var(--soft); font-size: .9rem; }
.soft, dt { color: var(--soft); font-size: .9rem; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .35rem 1.25rem; margin: 1.75rem 0 0; padding: 1rem;
  background: var(--panel); border-radius: 8px; align-items: baseline; } dd { margin: 0; }
ol { list-style: none; margin: 0; padding: 0; }
li { position: relative; padding: 0 0 1.1rem 1.5rem; }
li::before { content: ""; position: absolute; left: 0; top: .45rem; width: .75rem; height: .75rem;
  border-radius: 50%; border: 2px solid var(--soft); }
li:not(:last-child)::after { content: ""; position: absolute; left: calc(.375rem - 1px); top: 1.2rem;
  bottom: -.45rem; width: 2px; background: var(--line); }
li:first-child::before { background: var(--accent); border-color: var(--accent); }
li:first-child .what { font-weight: 600; } .what, li .soft { display: block; }
""".strip()
_STYLE_HASH = b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
_HEADERS = {
    "Content-Security-Policy": (
        f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}'; base-uri 'none'; form-action 'none'; "
        "frame-ancestors 'none'"
    ),
    "X-Robots-Tag": "noindex, nofollow",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}
_TRACKER_ID = re.compile(r"track_[A-Za-z0-9_]{1,94}")


def tracking_page(desk: Callable[[], Desk]) -> Route:
    """The route of the page."""

    def show(request: Request) -> Response:
        found = _find(desk, request.path_params["tracker_id"])
        if found is None:
            return HTMLResponse(_page("Nothing to track here", _NOTHING), NotFound.status, headers=_HEADERS)
        return HTMLResponse(_page("Tracking", _tracking(found)), headers=_HEADERS)

    return Route(f"{TRACKING_PREFIX}/{{tracker_id}}", show)


def _find(desk: Callable[[], Desk], identifier: str) -> PublicTracking | None:
    # What is no id, not every database can be asked for.
    if _TRACKER_ID.fullmatch(identifier) is None:
        return None
    try:
        return desk().trackers.public(identifier)
    except NotFound:
        return None


_NOTHING = (
    "<h1>Nothing to track here</h1><p>This link leads to no parcel. Perhaps a part of it was lost on the way: "
    "copy it whole, or ask whoever sent it to you.</p>"
)


def _page(title: str, body: str) -> str:
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<meta name="robots" content="noindex, nofollow"><style>{_STYLE}</style></head>'
        f"<body><main>{body}</main></body></html>"
    )


def _tracking(tracking: PublicTracking) -> str:
    test = '<p class="test">Test number: no real parcel</p>' if tracking.is_test else ""
    course = "".join(_stop(update, tracking.timezone) for update in tracking.updates)
    zone = f"local to {tracking.destination}" if tracking.timezone and tracking.destination else "UTC"
    return (
        f'{test}<h1>{escape(STATUS_WORDS[tracking.status])}</h1><p class="when">{escape(_when(tracking))}</p>'
        f"{_facts(tracking)}<h2>Course</h2><ol>{course}</ol>"
        f'<p class="soft zone">Times are {escape(zone)}.</p>'
    )


def _when(tracking: PublicTracking) -> str:
    """When it came or is expected."""
    if tracking.status in COMPLETED:
        ended = next((update.at for update in tracking.updates if update.status == tracking.status), None)
        return moment_words(ended, tracking.timezone) if ended else ""
    if tracking.estimated_delivery_at is None:
        return "No delivery date yet"
    return f"Expected {arrival(tracking.estimated_delivery_at, tracking.timezone)}"


def _facts(tracking: PublicTracking) -> str:
    carrier, service = tracking.carrier or "", tracking.service or ""
    carried_by = service if service.startswith(carrier) else f"{carrier} {service}".strip()
    number = escape(tracking.tracking_number)
    if tracking.carrier_url:
        number = f'<a href="{escape(tracking.carrier_url)}" rel="noopener noreferrer nofollow">{number}</a>'
    facts = {"Carrier": escape(carried_by), "Number": number, "To": escape(tracking.destination or "")}
    rows = "".join(f"<dt>{name}</dt><dd>{value}</dd>" for name, value in facts.items() if value)
    return f"<dl>{rows}</dl>"


def _stop(update: PublicUpdate, timezone: str | None) -> str:
    place = f"{escape(update.place)} · " if update.place else ""
    moment = escape(moment_words(update.at, timezone))
    return (
        f'<li><span class="what">{escape(STATUS_WORDS[update.status])}</span><span class="soft">{place}'
        f'<time datetime="{iso_instant(update.at)}">{moment}</time></span></li>'
    )
