# Every library is found on the system; nothing is downloaded. scripts/install-dependencies.sh installs them on Debian,
# scripts/spack.yaml on a machine without root.
find_package(Eigen3 3.4 REQUIRED NO_MODULE)
find_package(fmt REQUIRED)
find_package(yaml-cpp REQUIRED)
find_package(CLI11 REQUIRED)
find_package(SQLite3 REQUIRED)
find_package(ZLIB REQUIRED)
find_package(MPI REQUIRED COMPONENTS CXX)
find_package(Boost REQUIRED COMPONENTS mpi serialization)
find_package(Ceres REQUIRED)
find_package(LAPACK REQUIRED)

find_library(FIELDSCAN_LAPACKE_LIBRARY lapacke REQUIRED)
set(FIELDSCAN_LAPACK ${FIELDSCAN_LAPACKE_LIBRARY} ${LAPACK_LIBRARIES})
find_library(FIELDSCAN_XXHASH xxhash REQUIRED)
find_library(FIELDSCAN_MUPARSER muparser REQUIRED)
find_library(FIELDSCAN_NETCDF netcdf REQUIRED)
find_path(FIELDSCAN_RANDOM123_INCLUDE Random123/philox.h REQUIRED)
