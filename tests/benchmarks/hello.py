"""The smallest Gradio page, started like app.py: what `page.start_vs_hello` compares with."""

import os

import gradio as gr

with gr.Blocks() as demo:
    gr.Markdown("Hello, world!")

demo.launch(server_name="127.0.0.1", server_port=int(os.environ["PLAYGROUND_PORT"]), quiet=True, ssr_mode=False)
