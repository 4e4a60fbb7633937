# Writes what tracer_module said of who may include whom, for check_tree.sh.
get_property(rules GLOBAL PROPERTY tree_rules)
list(JOIN rules "\n" text)
file(WRITE ${CMAKE_BINARY_DIR}/tree_rules.txt "${text}\n")
add_test(NAME tree COMMAND ${PROJECT_SOURCE_DIR}/tests/check_tree.sh
  ${PROJECT_SOURCE_DIR} ${CMAKE_BINARY_DIR}/tree_rules.txt)
