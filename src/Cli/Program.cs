using DistTrain.Cli;

using var stop = StopSignal.OfProcess();
var environment = CliEnvironment.OfProcess(stop);
environment.KeepPlain();
return (int)await CommandLine.RunAsync(args, environment);
