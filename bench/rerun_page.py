"""The page whose reruns bench_rerun measures: eight widgets and a table of fifty rows."""

import pandas as pd
import streamlit as st

for number in range(4):
    st.text_input(f"Text {number}", key=f"text_{number}")
    st.selectbox(f"Choice {number}", ["one", "two", "three"], key=f"choice_{number}")
st.dataframe(pd.DataFrame({"order": [f"ORD-2026-{n:04d}" for n in range(50)], "total": range(50)}))
