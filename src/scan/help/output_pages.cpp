#include <array>

#include "pages.hpp"

/// Pages on what the program writes: names of files, columns and keys. tests/analysis/export_pages.cpp compares them
/// with the files.
namespace fieldscan::scan {
namespace {

constexpr std::string_view csv_page =
    "`fieldscan export DIR --format csv --out tables`, for pandas; empty fields are missing, times of inf are averages over chains:\n"
    "    values.csv      one line per number of one replica, or one prediction: point, the axes by their paths, source (measured, or\n"
    "                    a theory's name), draw, initialisation, observable, time, coordinate (mode, layer …), value,\n"
    "                    standard_error (of this number alone), count (samples averaged), flag of the number (censored,\n"
    "                    not_equilibrated, outside_validity), outcome of its replica or prediction: what a network had before it\n"
    "                    diverged stands here, and enters no mean\n"
    "    ensembles.csv   one line per number of an ensemble: point, axes, source, quantity (bias2, deviation_nngp …), time, coordinate,\n"
    "                    value, standard_error, low, high (95 % interval; all three empty where nothing tells the error: of one\n"
    "                    member, of one that is left of several, of a closed form), data_draws,\n"
    "                    initialisations, members (whose numbers enter) of asked (for), flag: what to beware of, words with spaces\n"
    "                    between them: censored, not_equilibrated (some of the chains), outside_validity, not_converged, diverged,\n"
    "                    numerical_error, not_applicable, failed, error_not_reached (an ensemble that ended at its `max`). What has\n"
    "                    no number because of how all members ended has one line without time and value\n"
    "    points.csv      one line per point: block, all settings by their paths, replicas by outcome\n"
    "    failures.csv    what did not end as it should: point, source, draw, initialisation, outcome, reason\n"
    "    provenance.csv  owner, draw, initialisation, outcome, seconds, host, attempt\n"
    "  Arrays (predictors, kernels) are in NetCDF alone. docs/reading-results.md has pandas snippets.";

constexpr std::string_view netcdf_page =
    "`fieldscan export DIR --format netcdf --out tables` writes tables/values.nc (NetCDF-4, CF-1.8), for xarray; `ncdump -h` shows:\n"
    "    dimensions   one per axis, by its short name (width) or path (training_time); step, the number of a record in time; data_draw,\n"
    "                 initialisation; outcome; block where points share a place; an observable's own (mode, layer, test_point …)\n"
    "    coordinates  time, steps, epochs of every point along step; values of axes as they were trained with, which spacings round\n"
    "                 to 12 digits: sel(…, method=\"nearest\")\n"
    "    variables    NAME the mean over the ensemble at every record, NAME_end its last record, beside each NAME_standard_error,\n"
    "                 NAME_members of NAME_asked (how many it is formed of) and NAME_flag, a bit per word in flag_meanings: censored,\n"
    "                 not_equilibrated, outside_validity, diverged, not_converged, numerical_error, not_applicable, failed,\n"
    "                 error_not_reached; NAME_replica every replica, also what it had before it diverged; outcome_replica how each ended, outcomes how\n"
    "                 many ended so, asked how many there should be at a point; THEORY_NAME what a theory predicts, THEORY_asked,\n"
    "                 THEORY_outcomes; deviation_THEORY, bias2 …; arrays (predictor, ntk_empirical …) by data_draw. long_name says\n"
    "                 what each is, source who made it (measured, or a theory's name)\n"
    "    attributes   title, scan (its text), overrides, seed, program (version and commit), machine, verdicts (the keys of `explain\n"
    "                 json`, test), left_out_for_size. All numbers are dimensionless (units 1); what a point does not have is NaN.\n"
    "  docs/reading-results.md has xarray snippets, and how every number of a figure is made again.";

constexpr std::string_view json_page =
    "What has JSON, and its keys. null stands for what is infinite, or not there.\n"
    "    check FILE --json    a list of diagnostics: severity, code, file, line, column, path, message, help\n"
    "    plan FILE --json     name, points, trained_points, replicas, predictions, prediction_evaluations, core_seconds, longest_seconds\n"
    "                         (of one replica), largest_bytes (of one task), ends_sooner (what may end it before); groups: name to\n"
    "                         [low, high]; theories: name to points, applies; tests: name, needed, members, decidable, options (how\n"
    "                         to ask for more); regimes (which theory of finite width where; null where there is no recommendation):\n"
    "                         theories, points, signal, trace; of a run that has begun replicas_done, predictions_done. The options\n"
    "                         --out, --node-memory and --regime go with it\n"
    "    status DIR --json    name, campaign (state, exit_status, wanted, already, done, failed, left, running, results_not_done,\n"
    "                         workers, seconds, seconds_left, work_done, busy_fraction, host, pid, updated), killed, replicas and\n"
    "                         predictions (wanted, left, and the outcomes), earlier, axes (block, path, values: value, replicas),\n"
    "                         failures (reason, count)\n"
    "    test DIR --json      a list of tests: name, kind, verdict (supported, contradicted, undecided), statement, because, p_value\n"
    "                         (before Holm), unsettled (shares of chains and networks), window, form, where_unknown (of, places: label,\n"
    "                         reason: where its `where` has no value, and what it leaves out for that); parts: label, verdict,\n"
    "                         statement, p_value (of this statement alone), and of its number value_is (what it is: exponent, slope,\n"
    "                         difference, relative difference, fall or rise of a monotone step, value, chi2 …), value, standard_error,\n"
    "                         interval (95 %), allowed, expected, data_draws, initialisations; where what is judged is the distance\n"
    "                         of that from the expected number, distance: value, standard_error, interval, allowed; of chi2 over many\n"
    "                         points chi2, points (its mean where all is noise), degrees (of freedom); and outcome (judged, open,\n"
    "                         not_applicable, no_numbers), members (replicas, predictions) of asked, flag (the words of\n"
    "                         `explain csv`, ensembles), of fits over all points; a part has all these keys, null where there is\n"
    "                         nothing (no p_value where nothing was judged, no interval without an error); of the theories that it\n"
    "                         is about, by name, the largest over all points of solver_residual_largest, start_difference_largest, solver_error_largest. Exit status: 0 all\n"
    "                         are supported, or none is declared; 5 one is contradicted, or more; else some are undecided: 4 where\n"
    "                         the replicas of a point of one of them have all ended without a number, so that more of the same\n"
    "                         decide nothing, 6 where more may\n"
    "    export --format json values.json: name, points: id, fields (path to value), outcomes: source, asked, done, diverged, not_converged,\n"
    "                         not_equilibrated, numerical_error, not_applicable, failed; failures: source, draw, initialisation,\n"
    "                         outcome, reason; growth (null without `until`): observable, relative_error, relative_error_asked,\n"
    "                         replicas, max, outcome (reached, error_not_reached, open); values: source, draw, initialisation, observable,\n"
    "                         time, coordinate, value, standard_error, count, flag, outcome; verdicts.json: as test --json\n"
    "    theory --format json a list: point, at (axes), theory, failed, problems, rows: observable, time, coordinate, value,\n"
    "                         standard_error, draws, flag";

constexpr std::string_view report_page =
    "`fieldscan report DIR` writes into DIR/report (or --out):\n"
    "    index.html               one page that needs nothing else: verdicts, figures, tables, the scan\n"
    "    figures/NAME.svg .pdf .png   each figure for a paper; NAME.gp a gnuplot script to begin another drawing from\n"
    "    figures/NAME.csv         what it draws: series, panel, curve, with, x, y, low, high (95 %), members of asked, flag (as in `explain csv`,\n"
    "                             ensembles), unsettled (share of its chains that did not equilibrate, or networks that did not\n"
    "                             converge); of maps panel, x, y, value, low, high,\n"
    "                             word (holds, fails, open …), map, column, row, state, shown, members, asked, flag, unsettled\n"
    "    figures/NAME-theories.csv  how well its theories were computed, point by point: predictions by outcome, missing ones, those\n"
    "                             beyond the theory's stated range (outside_validity); the largest over them of condition_number,\n"
    "                             jitter, predictor_error, validity, solver_residual, start_difference, solver_error, as NAME_largest,\n"
    "                             and validity_smallest: some theories hold where it is large (`fieldscan explain validity`);\n"
    "                             reasons of what failed\n"
    "    methods.txt              see `fieldscan explain methods`\n"
    "    references.bib           the works behind theories and data, and the program";

constexpr std::string_view methods_page =
    "report/methods.txt is the paragraph that a paper needs: trainers and samplers with their settings, draws and chains (under\n"
    "  `training: none` what the predictions are of), how many did not converge or equilibrate, R-hat, effective sample sizes; of every\n"
    "  theory regime, source, settings, how many predictions are missing, failed or did not converge, how many lie beyond its stated range,\n"
    "  what its solvers left, the error of what is sampled; conventions of loss, ridge, scale; statistics; versions and seed. Works: report/references.bib.";

constexpr std::array outputs{
    WordPage{"csv", csv_page},       WordPage{"netcdf", netcdf_page},   WordPage{"json", json_page},
    WordPage{"report", report_page}, WordPage{"methods", methods_page},
};

}  // namespace

std::span<const WordPage> output_pages() { return outputs; }

}  // namespace fieldscan::scan
