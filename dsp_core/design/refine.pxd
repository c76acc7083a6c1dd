from dsp_core.design.shape cimport Design, Shape

cdef void design_settled(const Shape *shape, Design *out) noexcept nogil
