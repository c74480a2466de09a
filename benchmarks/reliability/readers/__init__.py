"""Bad input: every reader of the program, and engines that make input for it.

A target (`targets`) is a reader that takes bytes, with valid seeds and the words of its form. Three
engines make cases: changed seeds (`changing`), hypothesis (values of the right kinds in wrong
places), and atheris where it is installed (guided by which lines of our code a case reaches).
`child` runs one engine on one target in a process of its own, with little memory and a second for
each case, because what is looked for may end the process.
"""
