using DistTrain.Cli;

using var stop = StopSignal.OfProcess();
return (int)await CommandLine.RunAsync(args, CliEnvironment.OfProcess(stop));
