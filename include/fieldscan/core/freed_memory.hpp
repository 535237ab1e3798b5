#pragma once

namespace fieldscan {

/// From now on this process and what is forked from it keep up to 128 MB that was freed for the next allocation. Handed
/// back to the system and taken again page by page, as is done otherwise, the memory of a matrix of 200 × 200 numbers
/// takes twice as long as its Cholesky factor (decision 15). Of glibc; without it nothing happens.
void keep_freed_memory();

}  // namespace fieldscan
