"""What the name of a table says of its rows, by the last word of the name.

Each pattern has one meaning; words that several of them share stand in a group of their own.
"""

from __future__ import annotations

from scaleaudit.api import regex


def ending_in(*words: str) -> str:
    """A pattern for names whose last word is one of these."""
    return rf"(?:^|_)(?:{'|'.join(words)})$"


# Words of several of the meanings below.
_EACH_TIME = r"events?|messages?|notifications?|transactions?|jobs?|comments?"
_TRACES = r"logs?|histor(?:y|ies)|activit(?:y|ies)|visits?|readings?"
_HANDED_IN = r"records?|orders?|payments?|tasks?|files?|documents?|photos?|posts?"
_TRADED = r"contacts?|clients?|products?|items?"

PEOPLE = regex(ending_in(r"users|accounts|customers|members|people|persons|subscribers"))
# People, and what a few of them share or keep: few rows for each person.
PEOPLE_AND_GROUPS = regex(
    ending_in(
        r"users?|accounts?|customers?|members?|people|persons?|tenants?|organi[sz]ations?",
        r"compan(?:y|ies)|teams?|groups?|projects?|profiles?|templates?|categor(?:y|ies)|tags?|pages?",
    )
)
# What many people share or fill: a few for each of their groups.
SHARED_BY_MANY = regex(
    ending_in(
        r"tenants?|organi[sz]ations?|orgs?|compan(?:y|ies)|teams?|groups?|workspaces?|projects?|families",
        r"categor(?:y|ies)|catalog(?:ue)?s?|sources?|canned_?responses?|grades?|scales?",
    )
)
# Lists that somebody keeps, also where their rows refer to others.
LISTS = regex(
    ending_in(
        r"roles|types|kinds|statuses|categories|countries|states|zones|languages|settings|permissions",
        r"jurisdictions|districts|provinces|counties|municipalities|boroughs|constituencies|territories",
    )
)
# The same, named for one row.
LIST = regex(
    ending_in(
        r"role|kind|status|category|country|zone|language|currency|locale",
        r"jurisdiction|district|province|county|municipality|borough|constituency|territory",
    )
)
# Kept by somebody, also where each row remembers when.
KINDS = regex(r"_(?:types?|kinds?)$")
# What administrators set up: code inserts rows, but as many as somebody fills in by hand.
CONFIGURED = regex(
    ending_in(
        r"settings?|preferences|options|config\w*|confs?|(?:auth|identity|oauth2?|sso|saml|oidc|login)_?"
        r"(?:providers?|sources?|backends?|connectors?)|plugins?|extensions?|integrations?|clusters?",
        r"environments?|regions?|zones?|feature_?flags?|themes?|menus?|plans|tiers|smtp\w*|roles?",
        r"permissions?|worker_?groups?|alert_?groups?|templates?|rules?|presets?|variables?",
        r"admin(?:istrator)?s?|(?:shipping|delivery)_?methods?|tax_?(?:rates?|class(?:es)?|categor(?:y|ies))",
        r"\w*periodic_?tasks?|schedule_?tasks?|mail_?box(?:es)?|e?mail_?accounts?|menu_?items?(?:_?records?)?",
        r"(?:import|export)_?profiles?|permission_?records?|cron_?jobs?|(?:ssh|public)_?keys?|key_?pairs?",
        r"(?:storage|server|dns|sms|e?mail|payment)_?providers?|firewall_?rules?",
        r"banners?|carousels?|slides?|faqs?|announcements?",
    )
)
# What a product draws from and what its owners offer: tens of rows, where nothing says that more come.
CATALOGUE = regex(
    ending_in(
        r"feeds?|indexers?|providers?|backends?|connectors?|librar(?:y|ies)|brands?|currenc(?:y|ies)",
        r"units?|(?:payment|shipping)_?methods?|warehouses?|branch(?:es)?|departments?|holidays?",
    )
)
# Logs, journals, histories: each time that something happens there is a row more.
RECORDED = regex(
    r"histor(?:y|ies)$|(?:^|_)(?:logs?|journals?|audits?)$"
    r"|(?:access|action|activity|audit|change|error|event|login|message|search)_?logs?$"
)
# What happens, is said, or is handed in: there is more of it every day.
COMES_DAILY = regex(
    ending_in(
        _EACH_TIME,
        _TRACES,
        _HANDED_IN,
        r"entr(?:y|ies)|measurements?|alerts?|reviews?|votes?|tickets?|conversations?|bookings?|invoices?",
        r"runs?|bookmarks?|uploads?|points?|likes?|follows?|followers?|responses?|submissions?",
        r"deliveries|tracks?|scans?",
    )
)
# What gets many rows for each user, or about one.
MANY_FOR_EACH = regex(
    ending_in(
        _EACH_TIME,
        _TRACES,
        r"audits?|clicks?|views?|hits?|entries|deliver(?:y|ies)|metrics?|samples?|snapshots?|sessions?",
        r"requests?|attempts?|changes?|revisions?|versions?|line_?items?|order_?items?",
    )
)
# Those whom the people of a tenant deal with, and what they trade in.
DEALT_WITH = regex(
    ending_in(_TRADED, r"customers?|subscribers?|leads?|visitors?|patients?|students?")
)
# What is made or sold: more of it every day, however little is said of each.
MADE_OR_SOLD = regex(
    ending_in(_EACH_TIME, _HANDED_IN, _TRADED, r"sessions?|images?|tokens?|devices?")
)

# What is done with at once, however many there are: each has some parts, and gets no more of them.
HAVE_FEW_PARTS = regex(
    ending_in(
        r"orders?|check_?outs?|carts?|baskets?|invoices?|payments?|transactions?|refunds?|fulfil+ments?",
        r"shipments?|bookings?|reservations?|messages?|comments?|notifications?|deliver(?:y|ies)",
        r"envelopes?|payloads?|files?|uploads?|order_?lines?|line_?items?|submissions?|requests?|contracts?",
        r"quotes?|invitations?|tickets?",
    )
)


def one_or_many(word: str) -> tuple[str, ...]:
    """What a table of such things may be called: `city`, `cities`."""
    return (word, f"{word}s", f"{word}es", f"{word[:-1]}ies" if word.endswith("y") else word)
