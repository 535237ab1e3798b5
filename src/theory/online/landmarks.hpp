#pragma once
#include <optional>
#include <vector>

#include "fieldscan/theory/online/committee.hpp"

/// What the course of online learning is told by: where its plateau ends, where it rests, which rates are too large.
namespace fieldscan::theory {

/// Q, R and v one after the other, and back; `like` has the teacher.
Vector order_vector(const Matrix& own, const Matrix& cross, const Vector& amplitude);
Committee committee_at(const VectorView& x, Committee like);

/// R with directions of length one, as networks are measured.
Matrix unit_overlaps(const Committee& state);

/// The first time at which `specialisation_of` reaches half of √T_mm, its mean over the teacher's units: that of
/// students which are the teacher is all of it. nullopt where it does not between the times given (ascending), or where
/// it is reached at the first. states: at these times, one per column.
std::optional<double> plateau_length(const CommitteeUnit& unit, const Committee& like, const CommitteeRates& rates,
                                     const std::vector<double>& times, const Matrix& states);

/// The state at which the equations rest, found by Newton's method from one near by, and which small deviations do not
/// leave; nullopt where there is none, and of rectifiers, whose integrals have a kink where student and teacher agree.
std::optional<Committee> stationary_state(const CommitteeUnit& unit, const Committee& near,
                                          const CommitteeRates& rates);

/// The factor by which all rates (η, η_v) can be multiplied until that state is left or ends, to 10⁻⁴, followed from
/// `state` upwards; nullopt where it still rests at a thousand times.
std::optional<double> critical_factor(const CommitteeUnit& unit, const Committee& state, const CommitteeRates& rates);

}  // namespace fieldscan::theory
