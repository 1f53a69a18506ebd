using DistTrain.Cli.Commands;
using DistTrain.Node.CommandLine;

using var stop = StopSignal.OfProcess();
var environment = CliEnvironment.OfProcess(stop);
environment.KeepPlain();
return (int)await CommandProgram.RunAsync(args, Root.Create, environment);
