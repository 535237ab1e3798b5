#pragma once
#include "fieldscan/analysis/export/export.hpp"
#include "fieldscan/analysis/report/report.hpp"
#include "fieldscan/analysis/test/evaluate.hpp"
#include "fieldscan/analysis/verdict/render.hpp"

/// From rows to verdicts: all that a command asks of a store.
