"""The wire: endpoints, sessions, limits, transport, what answers mean, and OAuth."""
