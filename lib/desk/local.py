"""The embedded desk: every resource of the Desk over this process's own database and files."""

import functools
from collections.abc import Callable
from typing import Any

import sqlalchemy as sa

from lib import runtime
from lib.desk.address_checks import LocalAddressChecks
from lib.desk.api_keys import LocalApiKeys
from lib.desk.events import LocalEvents
from lib.desk.protocol import Desk
from lib.desk.rate_cards import LocalRateCards
from lib.desk.team import LocalTeam
from lib.directory.addresses import LocalAddresses
from lib.directory.contacts import LocalContacts
from lib.directory.fulfillments import LocalFulfillments
from lib.directory.groups import LocalGroups
from lib.directory.inferences import LocalInferences
from lib.directory.locations import LocalLocations
from lib.exports.service import LocalExports
from lib.exports.templates import LocalExportTemplates
from lib.settings import get_settings
from lib.shipping.label_service import LocalLabels
from lib.shipping.payments import LocalLedger, LocalPaymentMethods
from lib.shipping.samples import LocalSamples
from lib.shipping.service import LocalShipments
from lib.store.files import Files
from lib.store.links import sign_path
from lib.tracking.service import LocalTrackers
from lib.webhooks.service import LocalWebhooks


class LocalDesk:
    """Everything in process; nothing else has to run."""

    def __init__(
        self, engine: sa.Engine, files: Files, *, sign: Callable[[str], str], bootstrap_key: str | None = None
    ) -> None:
        """`sign` turns a path into a link that opens without a key for a while."""
        self._engine = engine
        self.team = LocalTeam(engine)
        self.api_keys = LocalApiKeys(engine, bootstrap_key)
        self.rate_cards = LocalRateCards(engine)
        self.shipments = LocalShipments(engine, self.team.retrieve, self.rate_cards.book)
        self.labels = LocalLabels(engine, files)
        self.payment_methods = LocalPaymentMethods(engine)
        self.ledger = LocalLedger(engine)
        self.contacts = LocalContacts(engine)
        self.groups = LocalGroups(engine)
        self.locations = LocalLocations(engine)
        self.addresses = LocalAddresses(engine)
        self.fulfillments = LocalFulfillments(engine)
        self.shipping_label_inferences = LocalInferences(engine)
        self.exports = LocalExports(engine, files, sign)
        self.export_templates = LocalExportTemplates(engine, self.exports)
        self.trackers = LocalTrackers(engine)
        self.address_checks = LocalAddressChecks()
        self.samples = LocalSamples(engine, self.team.retrieve)
        self.events = LocalEvents(engine)
        self.webhooks = LocalWebhooks(engine)

    def health(self) -> dict[str, Any]:
        """Whether the database answers. Raises nothing: a database that is down is a word in the answer."""
        try:
            with self._engine.connect() as connection:
                connection.execute(sa.text("SELECT 1"))
        except sa.exc.SQLAlchemyError:
            return {"database": "down"}
        return {"database": "up"}


@functools.cache
def open_desk() -> Desk:
    """The desk of this process; opens the database and the durable engine when nothing has yet."""
    held = runtime.current() if runtime.is_started() else runtime.start(get_settings(), "web")
    key = held.settings.api_key
    return LocalDesk(
        held.engine,
        held.files,
        sign=functools.partial(sign_path, held.engine),
        bootstrap_key=key.get_secret_value() if key else None,
    )
