#pragma once
#include <vector>

#include "fieldscan/scan/points/scan.hpp"
#include "fieldscan/scan/task/plan.hpp"

/// What tests come to where a theory of the scan is right, before anything runs.
namespace fieldscan::analysis {

/// Adds to the outlooks of tests, as outlook_of_tests() lists them, a sentence for every theory that describes the
/// networks and predicts what the test is about: the number that it expects, and up to which spread of single networks
/// the ensemble finds that out with 80 %.
///
/// The predictions stand in the place of the networks, and the test is evaluated on them: `error_test` is the theory's,
/// deviation(b) the distance of its predictor from b's. They are the mean over at most four data draws (predictors: the
/// first), of which they say no error. Single networks are taken to vary alike at all points, each point for itself, to
/// first order in their spread; statements and tests share the error rate equally, which Holm's correction is never
/// stricter than. Of tests with one number per statement: agreements, bounds, exponents; references are yardsticks and
/// take no network's place. Predictions that are estimated to take more than two seconds, all together, are not made,
/// and the outlook says so.
void add_expected(std::vector<scan::TestOutlook>& outlooks, const scan::Scan& scan);

}  // namespace fieldscan::analysis
