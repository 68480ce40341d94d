"""The loop: a finding is earned, capped, written as a task, answered by the head, and measured again."""
