# Compiler flags, one interface target for every layer.
#
# FIELDSCAN_ARCH names the instruction set: native, x86-64-v3, x86-64-v4. The numbers a build writes belong to its
# instruction set; a cluster with mixed nodes needs the smallest one that all of them have.
set(FIELDSCAN_ARCH "native" CACHE STRING "Instruction set: native, x86-64-v3, x86-64-v4")
set_property(CACHE FIELDSCAN_ARCH PROPERTY STRINGS native x86-64-v3 x86-64-v4)
if(NOT FIELDSCAN_ARCH MATCHES "^(native|x86-64-v3|x86-64-v4)$")
  message(FATAL_ERROR "FIELDSCAN_ARCH is '${FIELDSCAN_ARCH}'; allowed are native, x86-64-v3, x86-64-v4")
endif()

# A compiler cache where there is one. Without these two settings a precompiled header keeps everything out of the cache.
find_program(FIELDSCAN_CCACHE ccache)
if(FIELDSCAN_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env CCACHE_SLOPPINESS=pch_defines,time_macros ${FIELDSCAN_CCACHE})
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    add_compile_options(-fpch-preprocess)
  endif()
endif()

add_library(fieldscan_flags INTERFACE)
# Where several sources are one unit, a name of one may hide that of another: only the build of single files sees what hides what in a file.
set(shadow -Wshadow)
if(FIELDSCAN_UNITY)
  set(shadow $<IF:$<CXX_COMPILER_ID:GNU>,-Wshadow=local,-Wno-shadow>)
endif()
target_compile_options(fieldscan_flags INTERFACE
  -march=${FIELDSCAN_ARCH} -fno-math-errno -fno-trapping-math -fopenmp-simd
  -Wall -Wextra -Wpedantic ${shadow} -Wconversion -Wno-sign-conversion -Wno-missing-field-initializers)
# g++ 12 knows Zen 4 only as an older core: its tuning for that one costs Eigen's products up to a fifth.
execute_process(COMMAND ${CMAKE_CXX_COMPILER} -march=${FIELDSCAN_ARCH} -E -dM -x c++ /dev/null OUTPUT_VARIABLE defined)
set(FIELDSCAN_NEEDS "")
foreach(feature AVX2 FMA AVX512F)
  if(defined MATCHES "__${feature}__")
    list(APPEND FIELDSCAN_NEEDS FIELDSCAN_NEEDS_${feature})
  endif()
endforeach()
# g++ 12 warns of its own headers: AVX-512 intrinsics that leave registers undefined on purpose, appending to a std::string.
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
  target_compile_options(fieldscan_flags INTERFACE -Wno-maybe-uninitialized -Wno-uninitialized -Wno-restrict -Wno-array-bounds
    -Wno-stringop-overread -Wno-stringop-overflow)
endif()
# What the compiler itself tunes for. g++ 12 takes a Zen 4 for its predecessor, which has no AVX-512, and schedules vector code badly; for
# x86-64-v4 it tunes for no processor in particular.
set(FIELDSCAN_TUNE "")
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  execute_process(COMMAND ${CMAKE_CXX_COMPILER} -march=${FIELDSCAN_ARCH} -Q --help=target OUTPUT_VARIABLE target_options)
  if(target_options MATCHES "-mtune=[ \t]+([a-z0-9-]+)")
    set(FIELDSCAN_TUNE ${CMAKE_MATCH_1})
  endif()
  if("FIELDSCAN_NEEDS_AVX512F" IN_LIST FIELDSCAN_NEEDS AND FIELDSCAN_TUNE MATCHES "^(znver[1-3]|generic)$")
    message(STATUS "The compiler tunes for ${FIELDSCAN_TUNE}, without a thought of AVX-512: tuning for icelake-server instead")
    target_compile_options(fieldscan_flags INTERFACE -mtune=icelake-server)
    set(FIELDSCAN_TUNE "icelake-server")
  endif()
endif()
# Buffers are aligned alike whatever the instruction set: the order of Eigen's reductions depends on alignment.
# Packing buffers of products stay on the stack: above malloc's threshold they would be mapped afresh at every product.
target_compile_definitions(fieldscan_flags INTERFACE EIGEN_MAX_ALIGN_BYTES=64 EIGEN_DONT_PARALLELIZE
  EIGEN_STACK_ALLOCATION_LIMIT=1048576)
# The libraries' headers are not ours to warn about.
target_include_directories(fieldscan_flags SYSTEM INTERFACE ${EIGEN3_INCLUDE_DIR} ${FIELDSCAN_RANDOM123_INCLUDE})
# g++ looks for garbage whenever its heap has grown by some tens of MB: a tenth of compiling.
set(FIELDSCAN_COMPILER_HEAP "" CACHE STRING "MB that one compilation may take before it looks for garbage (g++); empty: its own choice")
if(FIELDSCAN_COMPILER_HEAP AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  math(EXPR heap "${FIELDSCAN_COMPILER_HEAP} * 1024")
  target_compile_options(fieldscan_flags INTERFACE --param=ggc-min-heapsize=${heap} --param=ggc-min-expand=200)
endif()
if(FIELDSCAN_WERROR)
  target_compile_options(fieldscan_flags INTERFACE -Werror)
endif()
if(FIELDSCAN_SANITIZE)
  # Without the checks that are almost half of compiling and find nothing of their own here: the address sanitizer sees what goes
  # through a null pointer, past an object, or through a pointer that left it; bytes are never read through a pointer to something
  # wider (tests/layers.cmake), nothing has virtual functions. Checks of addresses stay where they are made: called as functions they
  # save an eighth of compiling, and tests take four times as long.
  target_compile_options(fieldscan_flags INTERFACE -fsanitize=address,undefined
    -fno-sanitize=null,object-size,alignment,vptr,pointer-overflow -fno-sanitize-recover=undefined -fno-omit-frame-pointer)
  target_link_options(fieldscan_flags INTERFACE -fsanitize=address,undefined)
  # clang says by other means that addresses are checked, and that it leaves loops as they are, which is what this build asks for.
  target_compile_definitions(fieldscan_flags INTERFACE $<$<CXX_COMPILER_ID:Clang>:__SANITIZE_ADDRESS__>)
  target_compile_options(fieldscan_flags INTERFACE $<$<CXX_COMPILER_ID:Clang>:-Wno-pass-failed>)
endif()
