"""The fault rig: everything that goes wrong between a CRM and a store, by the ids of the catalogue (A01 ... G10)."""
