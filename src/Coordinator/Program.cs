using DistTrain.Coordinator.Commands;
using DistTrain.Node.CommandLine;

using var stop = StopSignal.OfProcess();
var environment = CliEnvironment.OfProcess(stop);
environment.KeepPlain();
return (int)await NodeProgram.RunAsync(args, CoordinatorRoot.CommandName, "Coordinator", CoordinatorRoot.Create, environment);
