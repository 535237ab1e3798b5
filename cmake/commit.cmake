# Writes HEADER, the commit of the sources in ROOT as a literal, "62e30e4, clean"; empty outside a repository. Runs at every build,
# touches the header only where its text changes: one source is compiled again then.
set(commit "")
execute_process(COMMAND git -C ${ROOT} rev-parse --short HEAD OUTPUT_VARIABLE hash OUTPUT_STRIP_TRAILING_WHITESPACE
  RESULT_VARIABLE failed ERROR_QUIET)
if(failed EQUAL 0)
  execute_process(COMMAND git -C ${ROOT} status --porcelain --untracked-files=no OUTPUT_VARIABLE changes ERROR_QUIET)
  if(changes STREQUAL "")
    set(commit "${hash}, clean")
  else()
    set(commit "${hash}, modified")
  endif()
endif()
file(CONFIGURE OUTPUT ${HEADER} CONTENT "#pragma once\n#define FIELDSCAN_COMMIT \"${commit}\"\n" @ONLY)
