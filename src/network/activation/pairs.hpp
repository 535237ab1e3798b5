#pragma once
#include <cassert>
#include <span>

#include "fieldscan/network/activation/concept.hpp"

/// Loops over arrays that the compiler vectorises.
namespace fieldscan::network {

/// out[k] = f(z[k]); out may be z.
template <class T, class F>
void map(std::span<const T> z, std::span<T> out, F f) {
  assert(out.size() == z.size() && "one length");
  const std::size_t n = z.size();
  const T* const in = z.data();
  T* const to = out.data();
#pragma omp simd
  for (std::size_t k = 0; k < n; ++k) to[k] = f(in[k]);
}

/// A value and a derivative, as an activation's formula returns them.
template <class T>
struct ValueDerivative {
  T value;
  T derivative;
};

/// (out[k], derivative[k]) = f(z[k]); one of them may be z.
template <class T, class F>
void map(std::span<const T> z, std::span<T> out, std::span<T> derivative, F f) {
  assert(out.size() == z.size() && derivative.size() == z.size() && "one length");
  const std::size_t n = z.size();
  const T* const in = z.data();
  T* const to = out.data();
  T* const slope = derivative.data();
#pragma omp simd
  for (std::size_t k = 0; k < n; ++k) {
    const ValueDerivative<T> both = f(in[k]);
    to[k] = both.value;
    slope[k] = both.derivative;
  }
}

/// (out[k], derivative[k]) = f(a[k], b[k], c[k]).
template <class F>
void map_pairs(std::span<const double> a, std::span<const double> b, std::span<const double> c, std::span<double> out,
               std::span<double> derivative, F f) {
  assert(b.size() == a.size() && c.size() == a.size() && out.size() == a.size() && derivative.size() == a.size() &&
         "one length");
  const std::size_t n = a.size();
  const double *const pa = a.data(), *const pb = b.data(), *const pc = c.data();
  double* const to = out.data();
  double* const slope = derivative.data();
#pragma omp simd
  for (std::size_t k = 0; k < n; ++k) {
    const GaussianAverage both = f(pa[k], pb[k], pc[k]);
    to[k] = both.value;
    slope[k] = both.derivative;
  }
}

/// out[k] = f(a[k], b[k], c[k]).
template <class F>
void map_pairs(std::span<const double> a, std::span<const double> b, std::span<const double> c, std::span<double> out,
               F f) {
  assert(b.size() == a.size() && c.size() == a.size() && out.size() == a.size() && "one length");
  const std::size_t n = a.size();
  const double *const pa = a.data(), *const pb = b.data(), *const pc = c.data();
  double* const to = out.data();
#pragma omp simd
  for (std::size_t k = 0; k < n; ++k) to[k] = f(pa[k], pb[k], pc[k]);
}

}  // namespace fieldscan::network
