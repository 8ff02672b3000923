"""The audit log as supervisors read and check it; it is written by store/audit_log.py."""
