"""Mutation testing: does a test fail when one thing in the sync core, or in what judges it, is changed?"""
