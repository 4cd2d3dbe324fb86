"""Portico, the client portal for insurance brokers: one package per capability a broker would name."""
