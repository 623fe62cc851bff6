; what is made to hold something mutable
(property_declaration
  (variable_declaration . (identifier))
  (call_expression . (identifier) @_holds)
  (#any-of? @_holds
    "mutableMapOf" "mutableListOf" "mutableSetOf" "hashMapOf" "hashSetOf" "arrayListOf"
    "HashMap" "ConcurrentHashMap" "LinkedHashMap" "ConcurrentSkipListMap" "ArrayList" "LinkedList"
    "CopyOnWriteArrayList" "ArrayDeque" "ConcurrentLinkedQueue" "LinkedBlockingQueue" "HashSet"
    "CopyOnWriteArraySet" "AtomicInteger" "AtomicLong" "LongAdder")) @kept
