foreach(module buf err log map strtab base_text vec)
  unit_test(${module} USES base)
endforeach()
