"""The team's settings on both databases."""

from lib.desk.team import LocalTeam
from lib.models.team import Courier, CourierBand, TeamSettings


def test_a_fresh_desk_has_the_defaults(engine):
    assert LocalTeam(engine).retrieve() == TeamSettings()


def test_what_is_set_is_kept(engine):
    bands = [CourierBand(max_weight_lb=20, max_miles=12.5, price=1150)]
    settings = TeamSettings(
        usps_price_list="commercial",
        fuel_percent={"ups_ground": 24.5},
        courier=Courier(active=True, name="Bike", bands=bands),
    )
    LocalTeam(engine).update(settings)
    LocalTeam(engine).update(settings.model_copy(update={"cutoff_hour": 12}))
    assert LocalTeam(engine).retrieve() == settings.model_copy(update={"cutoff_hour": 12})
