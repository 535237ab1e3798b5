#include "faults.hpp"

#include <signal.h>
#include <sqlite3.h>
#include <sys/types.h>
#include <unistd.h>

#include <cerrno>
#include <initializer_list>

namespace faults {

namespace {

// SQLite's functions carry no data of ours.
Fault planned = Fault::kill;
long fails_at = 0, calls = 0;

/// Whether this call fails; errno says why.
bool fails() {
  if (fails_at == 0 || ++calls < fails_at) return false;
  if (planned == Fault::kill) return calls == fails_at;
  errno = planned == Fault::full ? ENOSPC : EIO;
  return true;
}

[[noreturn]] void die() {
  for (;;) raise(SIGKILL);
}

ssize_t faulty_pwrite(int file, const void* data, size_t size, off_t at) {
  if (!fails()) return pwrite(file, data, size, at);
  if (planned != Fault::kill) return -1;
  if (pwrite(file, data, size / 2, at) >= 0) die();
  die();
}

int faulty_truncate(int file, off_t size) {
  if (!fails()) return ftruncate(file, size);
  if (planned == Fault::kill) die();
  return -1;
}

int faulty_unlink(const char* path) {
  if (!fails()) return unlink(path);
  if (planned == Fault::kill) die();
  return -1;
}

template <class Function>
void replace(sqlite3_vfs* vfs, const char* name, Function function) {
  vfs->xSetSystemCall(vfs, name, reinterpret_cast<sqlite3_syscall_ptr>(function));
}

}  // namespace

void install(Fault fault, long call) {
  planned = fault;
  fails_at = call;
  calls = 0;
  sqlite3_vfs* vfs = sqlite3_vfs_find(nullptr);
  for (const char* name : {"pwrite", "pwrite64"}) replace(vfs, name, faulty_pwrite);
  replace(vfs, "ftruncate", faulty_truncate);
  replace(vfs, "unlink", faulty_unlink);
}

}  // namespace faults
