#pragma once
#include <string>
#include <string_view>

/// The library that factorises and finds eigenvalues: which kernels it chose for this processor, asked of itself. Its
/// table of processors may be older than the processor, and its kernels then a third as fast, without a word.
namespace fieldscan {

/// "OpenBLAS 0.3.21, kernels for Zen"; "LAPACK" of a library that does not tell.
std::string linear_algebra_library();

/// The processor whose kernels it runs ("Zen", "Prescott"); empty where it does not tell. Where bits are compared, one
/// kind of machine is one with the same core.
std::string linear_algebra_core();

/// Why kernels for that core are slow in a program whose registers hold so many doubles (2: SSE, 4: AVX2, 8: AVX-512),
/// with the remedy; empty where they are not, or the core is not known here. Those of Zen count as full speed at any
/// width: such processors do the work of AVX-512 in halves, or their own kernels are meant.
std::string slow_kernels(std::string_view core, int doubles);

/// The same of the library and of this program.
std::string slow_linear_algebra();

}  // namespace fieldscan
