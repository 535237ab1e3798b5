#include <array>

#include "pages.hpp"

/// Pages on the words in which verdicts, maps and tables speak of numbers.
namespace fieldscan::scan {
namespace {

constexpr std::array verdicts{
    WordPage{
        "verdict",
        "What a test comes to: supported, contradicted or undecided. Each of its statements (one per point, or value of "
        "`by`) has one of its own."},
    WordPage{"supported",
             "A verdict: the 95 % interval of the number lies inside what the test allows, in every statement. It is "
             "stricter than two one-sided tests at 5 %. Of chi2: p is at least 5 %."},
    WordPage{
        "contradicted",
        "A verdict: the number lies outside what the test allows by more than chance: p below 5 %, times the number of "
        "statements of the test, and after Holm's correction over all tests of the scan. Exit status 5 of `test`."},
    WordPage{
        "undecided",
        "A verdict: neither supported nor contradicted. The reason says what is missing: a number (no replica has one, "
        "or none yet), members (too few for an interval), or a shorter interval, and how many more would decide, four "
        "times in five. Exit status 6 of `test`, 4 where more of the same decide nothing."},
    WordPage{
        "holds",
        "A cell of a map of validity or of style: regions, one comparison alone: its 95 % interval lies inside the "
        "margin, as of a statement that is supported. In a table of verdicts, hold: how many statements do."},
    WordPage{
        "fails",
        "A cell of a map of validity: its statement is contradicted; of style: regions: its 95 % interval lies wholly "
        "beyond the margin, not corrected for how many cells there are."},
    WordPage{
        "open",
        "A cell of a map that neither holds nor fails: its interval reaches across the margin, or its members are too few for "
        "one; of a theory's own validity: some data draws are beyond its range, others are not."},
    WordPage{
        "unsettled",
        "The share of a number's chains that did not equilibrate (not_equilibrated), or of its networks that did not "
        "converge (not_converged); of several numbers the largest. They enter; where it is large no verdict is given. "
        "Column of figures/NAME.csv; in `test --json` {chains, networks}."},
    WordPage{
        "censored",
        "A flag: only a bound of the number is known, since the true one lies beyond the range that was looked at: a "
        "crossing that the curve does not reach, a best value at the end of its axis, a correlation length above 10⁶. A "
        "test is decided by the bound where that is enough: what lies above 0.08 lies above 0.01. Else more draws do not "
        "help, a longer axis does."},
    WordPage{
        "failed",
        "An outcome: what computed a replica or a prediction ended without a result at every attempt (killed, or more memory "
        "needed than there is). It has no numbers; its reason is in `status` and failures.csv, and `run` tries it again."},
    WordPage{
        "outcome",
        "How a replica or a prediction ended: done, diverged, not_converged, not_equilibrated, numerical_error, "
        "not_applicable, failed. Numbers of done, not_converged and not_equilibrated enter means, those of the others "
        "do not, whatever they had before. Column of values.csv and failures.csv, outcome_replica in values.nc."},
    WordPage{
        "flag",
        "What to beware of in a number, words with spaces between: censored, not_equilibrated, outside_validity, and how "
        "members ended that have none: diverged, not_converged, numerical_error, not_applicable, failed; "
        "error_not_reached of ensembles that ended at `until.max` before their error. Empty (null in JSON, 0 in NetCDF): "
        "nothing."},
    WordPage{
        "asked",
        "How many replicas, or predictions of a theory, the scan asks for at a point: `members` of `asked` have a number. "
        "Column of ensembles.csv and figures, key of `test --json`, variable of values.nc."},
    WordPage{
        "members",
        "In tables and verdicts: how many replicas, or predictions of a theory, a number is formed of, of `asked`. A mean "
        "takes 3 for a verdict, what is fitted or a χ² takes 8."},
    WordPage{
        "interval",
        "The 95 % confidence interval: value ± t(0.975, ν) standard errors, Student's t with ν degrees of freedom "
        "(Satterthwaite's, two-way over data draws and initialisations; one less than the networks where neither level is "
        "told from chance; where a number rests on survivors, at most one less than these). `interval` in "
        "`test --json`, low and high in tables."},
    WordPage{
        "standard error",
        "Of a mean over the ensemble: two-way over data draws and initialisations (for samplers over draws, chains "
        "nested in them), of what is fitted by leaving members out; none of one member. Column standard_error; in values.csv it is the "
        "error of one replica's own number (of a chain √(variance/effective size))."},
    WordPage{"standard_error", "See `fieldscan explain \"standard error\"`."},
    WordPage{
        "p",
        "The p-value: how often data would lie at least as far out if the claim were true. Of a statement alone; of a "
        "test the smallest times their number; contradicted where it is below 5 % after Holm's correction over all "
        "tests. `p_value` in `test --json`. As a symbol P, the number of training points: data.train_size."},
    WordPage{"p_value", "See `fieldscan explain p`."},
    WordPage{"p-value", "See `fieldscan explain p`."},
};

}  // namespace

std::span<const WordPage> verdict_pages() { return verdicts; }

}  // namespace fieldscan::scan
