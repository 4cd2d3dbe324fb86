"""How a user of the portal looks from outside. Records name people in another way: this is how the desk sees them."""

from app.administration.users.standing import PORTALS, STATES, TONES
from app.core.schema import Code, Day, Flag, Moment, RecordSchema, Reference, Text, Whole
from app.core.text import LANGUAGES, _l

ALL_COUNT = _l("Each sign-in counts once, in the organisation it begins in.")


class PortalUserSchema(RecordSchema):
    record, plural = "portal_user", "users"
    noun, nouns = _l("User"), _l("Users")

    name = Text(_l("Name"), listed=True, search=True, given=False, broker_only=True)
    email = Text(_l("Email"), search=True, given=False, broker_only=True)
    state = Code(_l("Status"), STATES, tones=TONES, listed=True, given=False, broker_only=True)
    organizations = Text(_l("Organisations"), listed=True, search=True, given=False, broker_only=True)
    memberships = Whole(_l("Number of organisations"), given=False, broker_only=True)
    profiles = Text(
        _l("Permission profile"),
        listed=True,
        given=False,
        broker_only=True,
        help=_l("Of each organisation; of staff, the one at the desk."),
    )
    main_organization = Reference(_l("Main organisation"), "organization", given=False, broker_only=True)
    private_portal = Code(_l("Private portal"), PORTALS, listed=True, given=False, broker_only=True)
    private_portal_on = Day(_l("Private portal since"), given=False, broker_only=True)
    signed_in_at = Moment(_l("Last sign-in"), listed=True, given=False, broker_only=True)
    sign_ins_this_month = Whole(
        _l("Sign-ins this month"), listed=True, given=False, broker_only=True, help=ALL_COUNT
    )
    sign_ins_last_month = Whole(
        _l("Sign-ins last month"), listed=True, given=False, broker_only=True, help=ALL_COUNT
    )
    sign_ins = Whole(_l("Sign-ins in total"), listed=True, given=False, broker_only=True, help=ALL_COUNT)
    is_staff = Flag(_l("Staff"), given=False, broker_only=True)
    is_active = Flag(_l("Active"), given=False, broker_only=True)
    language = Code(_l("Language"), LANGUAGES, given=False, broker_only=True)
    created_at = Moment(_l("User since"), given=False, broker_only=True)
