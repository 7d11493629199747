/** Before every test: all of the memory model is there, as in the command line and in workers. */
import '../src/memory/training/index.ts'
