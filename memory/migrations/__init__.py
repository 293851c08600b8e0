"""Steps from each released form of the store to the next, run when a store is opened."""
