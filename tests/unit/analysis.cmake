foreach(module climbs course lives model ops profile report sites timeline verdict)
  unit_test(${module} USES analysis)
endforeach()
# They read what is printed, with the library that printed it.
pkg_check_modules(libcjson REQUIRED IMPORTED_TARGET libcjson)
target_link_libraries(test_report PRIVATE PkgConfig::libcjson)
unit_test(compare USES analysis)
unit_test(samples USES analysis)
target_compile_definitions(test_timeline PRIVATE
  TRACES="${PROJECT_SOURCE_DIR}/sampleapp/traces")
unit_test(timeline_ops USES analysis)
