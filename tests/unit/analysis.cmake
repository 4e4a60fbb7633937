foreach(module climbs course lives model ops profile report sites verdict)
  unit_test(${module} USES analysis)
endforeach()
# They read what is printed, with the library that printed it.
pkg_check_modules(libcjson REQUIRED IMPORTED_TARGET libcjson)
target_link_libraries(test_report PRIVATE PkgConfig::libcjson)
