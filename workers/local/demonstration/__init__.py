"""The demonstration: one application from filing to handover, by HTTP only, as people would do it."""
