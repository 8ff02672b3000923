"""A module for each thing that systems export, which turns it into orders; what these share stands beside."""
