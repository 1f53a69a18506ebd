using DistTrain.Node.CommandLine;
using DistTrain.Worker.Commands;

using var stop = StopSignal.OfProcess();
var environment = CliEnvironment.OfProcess(stop);
environment.KeepPlain();
return (int)await NodeProgram.RunAsync(args, WorkerRoot.CommandName, "Worker", WorkerRoot.Create, environment);
