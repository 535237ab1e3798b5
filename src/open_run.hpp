#pragma once
#include <filesystem>
#include <string>

#include "fieldscan/scan/points/scan.hpp"
#include "fieldscan/store/store.hpp"

/// What commands on run directories have in common.
namespace fieldscan::command {

/// The store of a run directory with the scan that ran there last.
struct OpenRun {
  store::Store store;
  scan::Scan scan;
};
using Looks = store::Store::Looks;

/// Opens it for reading; throws StoreError where it is damaged, or its scan can not be read by this version.
OpenRun open_run(const std::filesystem::path& directory, Looks looks);
/// What a killed run had stored and is lost is said by every command, not only where results are counted.
void say_lost(const store::Store& store);
/// What the commands that show results say on stderr of those that they do not show.
void say_earlier(const OpenRun& run);
/// The id of a point or prediction that begins so; throws EnvironmentError where there is none, or several.
Id find_one(const store::Store& store, const std::string& prefix);

}  // namespace fieldscan::command
