(call_expression
  . [(identifier) @_called (navigation_expression (identifier) @_called .)]
  (#any-of? @_called $CALL_NAMES)) @call

(annotation
  [
    (user_type (identifier) @_annotates .)
    (constructor_invocation (user_type (identifier) @_annotates .))
  ]
  (#any-of? @_annotates $ANNOTATION_NAMES
    "Value" "ConfigProperty" "Property" "ConfigurationProperties" "SchedulerLock" "Path")) @annotation

; class Shipping : ShippingGrpcKt.ShippingCoroutineImplBase()
(delegation_specifier
  (constructor_invocation (user_type) @grpc_base)
  (#match? @grpc_base "ImplBase$"))

; what is made to hold something mutable
(property_declaration
  (variable_declaration . (identifier))
  (call_expression . (identifier) @_holds)
  (#any-of? @_holds
    "mutableMapOf" "mutableListOf" "mutableSetOf" "hashMapOf" "hashSetOf" "arrayListOf"
    "HashMap" "ConcurrentHashMap" "LinkedHashMap" "ConcurrentSkipListMap" "ArrayList" "LinkedList"
    "CopyOnWriteArrayList" "ArrayDeque" "ConcurrentLinkedQueue" "LinkedBlockingQueue" "HashSet"
    "CopyOnWriteArraySet" "AtomicInteger" "AtomicLong" "LongAdder")) @kept
