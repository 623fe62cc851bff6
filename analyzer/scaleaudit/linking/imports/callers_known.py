"""Names and places that tell who calls a function, or that nobody in sight does."""

from __future__ import annotations

from scaleaudit.regex import regex

# Languages, and templates, in which the functions of one can be called.
FAMILIES = {
    "python": "python", "django-template": "python",
    "ruby": "ruby", "erb": "ruby", "haml": "ruby", "jbuilder": "ruby",
    "javascript": "javascript", "typescript": "javascript", "tsx": "javascript",
    "vue": "javascript", "svelte": "javascript",
    "java": "jvm", "kotlin": "jvm",
    "php": "php", "blade": "php",
    "go": "go", "csharp": "csharp", "elixir": "elixir",
}  # fmt: skip
# Methods that frameworks call by their names, whoever else does.
HOOKS = regex(
    r"(?:resolve|validate|clean|filter|perform|handle|on|visit|do|before|after|pre|post|render|format)_"
    r"|get_(?:queryset|object|context\w*|form\w*|serializer\w*|absolute_url|permissions?|prep_value|ordering|search\w*"
    r"|list_\w+|model|fields?|choices|urls?|success_url|template\w*|initial\w*|response\w*|query)$"
    r"|has_\w*permission|form_(?:in)?valid$|to_(?:representation|internal_value|python|json|param|xml|csv|h|s)$|as_json$"
    r"|from_db|full_clean|save_(?:model|related|form\w*)|delete_(?:model|queryset)|process_(?:request|response|view|exception)"
    r"|(?:on|handle|can|before|after|use|render|component|module|get(?:ServerSide|Static|Initial))[A-Z]"
    r"|(?:findBy|findAllBy|findOne|findAll|findMany|findById|toString|toJson|toArray|jsonSerialize|getById|getAll|getList|equals|hashCode)$"
    r"|(?:boot|scope|get|set)[A-Z]\w*(?:Attribute|Trait)$"
    r"|(?:ServeHTTP|MarshalJSON|UnmarshalJSON|GetById|GetByID|GetAll|GetAsync|SaveChanges(?:Async)?|ExecuteAsync|StartAsync)$"
)
# But of a service nobody calls `handleOrders` besides the code that names it.
OF_SERVICES = regex(r"(?:^|\.)[A-Z]\w*Service\.handle[A-Z]\w+$")
# Names that many classes give to different things, beside those of `HOOKS`.
COMMON = regex(r"GetAllAsync|GetByIdAsync|ToString")
# Files that answer requests, with all methods of the classes in them.
REQUESTS = regex(
    r"(?i)(?:^|[/_.-])(?:controllers?|views?|handlers?|routes?|routers?|api|endpoints?|resources?|graphql|resolvers?|pages"
    r"|schemas?|serializers?|viewsets?|forms?|mutations?|types|filters?|filtersets?|widgets?|permissions?|polic(?:y|ies)"
    r"|middlewares?|templatetags|context_processors|helpers?|presenters?|decorators?|components?|channels|consumers|mailers?"
    r"|validators?|guards?|interceptors?|pipes?|http|web|rest|rpc|grpc)(?:/|\.\w+$)"
    r"|(?:Controller|Resource|Endpoint|Handler|Resolver|Filter|Middleware|Servlet|Action|Page|Hub)s?(?:Impl)?\.\w+$"
)
# The folders of a package above its source: `shop-api/src/main/java/` is a program, not its routes.
BEFORE_SOURCE = regex(r"^(?:[^/]+/)*?src/(?:main/\w+/)?")
# Classes of the web, wherever they stand.
WEB_CLASSES = regex(
    r"(?:View|ViewSet|Serializer|Form|Mutation|Query|Controller|Resolver|Endpoint|Handler|Middleware|Resource|Admin|Permission"
    r"|Filter|FilterSet|Widget|Type|Schema|Helper|Presenter|Mailer|Channel|Policy|Component)(?:\.|$)"
)
# Files whose code runs beside the requests, whatever the product is about.
KNOWN_JOBS = regex(
    r"(?:^|/)(?:app/|src/)?(?:jobs?|workers?|sidekiq|celery|crons?|cronjobs?|clean_?up\w*)(?:/|\.\w+$)"
    r"|(?:^|/)(?:\w+_)?tasks\.py$|(?:^|/)tasks/\w+\.py$|[._-](?:jobs?|workers?|crons?|cronjobs?|scheduler)\.[jt]s$"
    r"|(?:Job|Jobs|Tasklet|Worker|Cron|ScheduledTask|HostedService|BackgroundService)\.(?:java|kt|cs|php)$|(?:^|/)Jobs/[\w/]+\.php$"
)
KNOWN_STAFF = regex(
    r"(?:^|/)(?:management|scripts?|bin|lib/tasks|tasks?/[^/]*\.rake|seeds?|seeders?|database/factories|admin\.py|manage\.py"
    r"|fabfile\.py|db/seeds\.rb)(?:/|$)|\.rake$|(?:^|/)Rakefile$|(?:^|/)Console/Commands/|(?i:(?:^|[/_.-])(?:super_?)?admins?(?:[/_.-]|$))"
    r"|(?:^|/)Admin(?:[A-Z]\w*)?Controller\.\w+$"
)
# Classes that keep the queries on a table, for others to call.
STORES = regex(r"(?:^|/)(?:Repositor(?:y|ies)|Daos?|DAO)/|(?:Repository|Dao|DAO)\.php$")
# The same in Python, by the file (`repos/order.py`) or the class behind `#` (`OrderRepo`).
KEEPERS = regex(
    r"(?i:(?:^|[/_])(?:repos?|repositor(?:y|ies)|daos?|stores?|services?|crud|queries|models?)(?:/[^#]*)?\.py#)"
    r"|(?:Repo|Repository|D[Aa][Oo]|Store|Service|C[Rr][Uu][Dd]|Queries)$"
)
# Methods that libraries call of what is handed to them: of users and how they log in, of rows, of managers.
CALLED_BY_LIBRARIES = regex(
    r"_.*|(?:get|set|load|authenticate|create|check|save|query|validate)_(?:user|users|id|by_natural_key|superuser|password|token"
    r"|client|username|by_id|by_email|by_oauth_account|all_permissions|group_permissions|user_permissions)|natural_key|is_\w+|has_\w+"
    r"|user_can_authenticate|(?:query|save|authenticate|delete)_\w*(?:token|code|credential|grant|client)s?"
    r"|(?:save|load|prune)_\w*(?:session|base)s?|\w+_db|bulk_\w+|in_bulk|get_or_create|update_or_create|validate_unique|to_\w+"
)
# Modules beside an application in Ruby, but for what other libraries are extended by and call by name.
OWN_LIBRARY = regex(
    r"(?:[\w-]+/)*lib/(?!(?:[\w-]+/)*(?:devise|warden|omniauth|doorkeeper|strategies|extensions|patches|core_ext)/)[\w/-]+\.rb$"
)
# Where the times of tasks are set, by their names.
SETTINGS = regex(r"(?:^|/)(?:settings(?:/\w+)?|celery\w*|schedules?|beat\w*)\.py$")
# Names of several words, which alone are looked for in functions.
TELLING = regex(r"_*[A-Za-z][A-Z]*[a-z0-9]+[A-Z]\w{1,60}")
