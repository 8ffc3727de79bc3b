"""A Gradio page with the same fields as the create page, for comparison. Run by benchmarks.create_page."""

# Gradio is installed by the benchmark into a folder of its own; it is no dependency of the product.
import sys

import gradio as gr  # type: ignore[import-not-found]

with gr.Blocks(title="Reference to video") as page:
    gr.Textbox(label="Title")
    gr.Gallery(label="References")
    gr.File(label="Add files", file_count="multiple")
    gr.Image(label="First frame")
    gr.Audio(label="Voice")
    gr.Textbox(label="Prompt", lines=6, elem_id="prompt")
    gr.Textbox(label="Keep out")
    gr.Radio(["ModelStream", "Apiframe", "DashScope", "Free draft"], label="Make it with")
    gr.Slider(2, 15, step=1, label="Length")
    gr.Radio(["16:9", "9:16", "1:1", "4:3", "3:4"], label="Shape")
    gr.Radio(["720P", "1080P"], label="Picture quality")
    gr.Number(label="How many takes", minimum=1, maximum=4)
    gr.Number(label="Seed")
    gr.Checkbox(label="Polish my prompt")
    gr.Checkbox(label="AI mark")
    gr.Radio(["Single", "Multi"], label="Shots")
    gr.Button("Generate")
    gr.Video(label="Latest clip")

page.launch(server_name="127.0.0.1", server_port=int(sys.argv[1]), quiet=True, share=False)
