foreach(module maps image debug_frames debug_lines symbolizer)
  unit_test(${module} USES symbols)
  target_sources(test_${module} PRIVATE
    ${PROJECT_SOURCE_DIR}/tests/symbols/specimen.c)
endforeach()
