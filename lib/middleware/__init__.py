"""What stands between the network and Streamlit's app, as ASGI middleware."""
