; fields that hold something mutable; whether it is changed later is looked up in the text
(field_declaration
  type: [(type_identifier) @_holds (generic_type (type_identifier) @_holds)]
  declarator: (variable_declarator value: [(object_creation_expression) (method_invocation)])
  (#any-of? @_holds
    "Map" "HashMap" "ConcurrentMap" "ConcurrentHashMap" "LinkedHashMap" "TreeMap" "SortedMap"
    "NavigableMap" "WeakHashMap" "Hashtable" "ConcurrentSkipListMap" "EnumMap" "Multimap"
    "List" "ArrayList" "LinkedList" "CopyOnWriteArrayList" "Vector" "Queue" "Deque" "ArrayDeque"
    "ConcurrentLinkedQueue" "ConcurrentLinkedDeque" "BlockingQueue" "LinkedBlockingQueue"
    "ArrayBlockingQueue" "PriorityQueue" "Collection"
    "Set" "HashSet" "LinkedHashSet" "TreeSet" "CopyOnWriteArraySet"
    "AtomicInteger" "AtomicLong" "LongAdder" "Cache" "LoadingCache" "RateLimiter" "Properties")) @kept
(field_declaration
  (modifiers "static")
  type: (integral_type)
  declarator: (variable_declarator value: (_))) @kept_number
