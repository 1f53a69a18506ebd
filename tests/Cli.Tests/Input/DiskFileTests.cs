using System.IO.Pipes;
using DistTrain.Cli.Tests.Testing;
using DistTrain.Coordinator.Input;
using DistTrain.Node.CommandLine;
using DistTrain.Problems;
using Xunit.Abstractions;

namespace DistTrain.Cli.Tests.Input;

public sealed class DiskFileTests(ITestOutputHelper output)
{
    [Fact]
    public async Task A_pipe_is_refused_since_it_cannot_be_read_twice()
    {
        if (!IsLinux()) return;
        using var folder = new CliFolder();
        await using var pipe = new AnonymousPipeServerStream(PipeDirection.Out);
        var path = $"/proc/self/fd/{pipe.ClientSafePipeHandle.DangerousGetHandle()}";

        var result = await folder.RunArgs(["train", path]);

        Assert.Equal(ExitCode.Input, result.Code);
        Assert.StartsWith($"error DT4013: {path} is not a file that can be read twice\n", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_fails_while_it_is_read_is_named()
    {
        if (!IsLinux()) return;
        using var stop = new StopSignal();
        using var stream = new DiskFile("/proc/self/mem", CliEnvironment.OfProcess(stop)).Open();

        var problem = Assert.Throws<DistTrainException>(() => stream.ReadByte()).Problem;

        Assert.Equal(("DT4002", ExitCode.Input, "/proc/self/mem"), (problem.Code, problem.ExitCode, problem.File));
    }

    bool IsLinux()
    {
        if (OperatingSystem.IsLinux()) return true;
        output.WriteLine("There is no /proc here: nothing is tested.");
        return false;
    }
}
