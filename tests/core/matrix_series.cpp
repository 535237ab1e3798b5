#include "fieldscan/core/matrix_series.hpp"

#include "catch.hpp"
#include "fieldscan/core/random.hpp"
#include "near.hpp"

using namespace fieldscan;

namespace {

MatrixSeries series_of(Index rows, Index columns, Index terms, std::string_view what) {
  MatrixSeries out(rows, columns, terms);
  Stream(1, Purpose::test, what, 0, 0).normals({out.data.data(), static_cast<std::size_t>(out.data.size())}, 0);
  return out;
}

/// Σ_{s ≤ t} A(t − s) B(s), term by term.
MatrixSeries by_hand(const MatrixSeries& a, const MatrixSeries& b) {
  MatrixSeries out(a.rows, b.columns, a.terms());
  for (Index t = 0; t < a.terms(); ++t)
    for (Index s = 0; s <= t; ++s) out.at(t) += a.at(t - s) * b.at(s);
  return out;
}

}  // namespace

TEST_CASE("products of series are causal sums, of any number of terms") {
  for (const Index terms : {1, 2, 3, 8, 13}) {
    const MatrixSeries a = series_of(2, 3, terms, "a"), b = series_of(3, 4, terms, "b");
    CAPTURE(terms);
    CHECK(near::largest_difference(product(spectrum(a), spectrum(b)).data, by_hand(a, b).data) < 1e-13);
  }
}

TEST_CASE("a series times its inverse is one") {
  for (const Index terms : {1, 2, 7, 16}) {
    MatrixSeries a = series_of(3, 3, terms, "inverted");
    a.data *= 0.3;
    a.at(0) += Matrix::Identity(3, 3);
    MatrixSeries one(3, 3, terms);
    one.at(0).setIdentity();
    const MatrixSeries inverted = inverse(a);
    CAPTURE(terms);
    const double size = inverted.data.cwiseAbs().maxCoeff();
    CHECK(near::largest_difference(by_hand(a, inverted).data, one.data) < 1e-13 * size);
    CHECK(near::largest_difference(by_hand(inverted, a).data, one.data) < 1e-13 * size);
  }
}
