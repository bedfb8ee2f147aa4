"""Pure functions from answers to what the browser shows: plain JSON values, plotly figures, text. No torch, no gradio."""
