using DistTrain.Node.CommandLine;
using DistTrain.Worker.Commands;

using var stop = StopSignal.OfProcess();
var environment = CliEnvironment.OfProcess(stop);
environment.KeepPlain();
return (int)await CommandProgram.RunAsync([WorkerRoot.CommandName, .. args], WorkerRoot.Create, environment);
