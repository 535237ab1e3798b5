# What `cmake --install` puts where: the program; its manual page, the completions of three shells and the schema of scan files, which it prints
# itself; and everything that README.md links to, in one folder.
include(GNUInstallDirs)
install(TARGETS fieldscan)
install(FILES README.md CHANGELOG.md LICENSE CITATION.cff DESTINATION ${CMAKE_INSTALL_DOCDIR})
install(DIRECTORY docs experiments slurm DESTINATION ${CMAKE_INSTALL_DOCDIR} USE_SOURCE_PERMISSIONS)
foreach(page
    "manual --format man,${CMAKE_INSTALL_MANDIR}/man1/fieldscan.1"
    "manual --format bash,${CMAKE_INSTALL_DATADIR}/bash-completion/completions/fieldscan"
    "manual --format zsh,${CMAKE_INSTALL_DATADIR}/zsh/site-functions/_fieldscan"
    "manual --format fish,${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d/fieldscan.fish"
    "schema,${CMAKE_INSTALL_DATADIR}/fieldscan/scan.schema.json")
  string(REGEX MATCH "^([a-z -]+),(.*)$" ignored "${page}")
  string(REPLACE " " "\" \"" command ${CMAKE_MATCH_1})
  set(file ${CMAKE_MATCH_2})
  install(CODE "
    cmake_path(ABSOLUTE_PATH CMAKE_INSTALL_PREFIX OUTPUT_VARIABLE prefix)
    set(file \"\$ENV{DESTDIR}\${prefix}/${file}\")
    message(STATUS \"Installing: \${file}\")
    cmake_path(GET file PARENT_PATH folder)
    file(MAKE_DIRECTORY \"\${folder}\")
    execute_process(COMMAND \"$<TARGET_FILE:fieldscan>\" \"${command}\" OUTPUT_FILE \"\${file}\" COMMAND_ERROR_IS_FATAL ANY)")
endforeach()
