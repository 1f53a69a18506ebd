using DistTrain.Data.Tables;
using DistTrain.Problems;

namespace DistTrain.Cli.Input;

/// <summary>An input file on disk. Reading it ends when the user wants to stop.</summary>
sealed class DiskFile(string typed, CliEnvironment environment) : IInputFile
{
    public string Name => typed;

    public Stream Open()
    {
        try
        {
            return new StoppableFile(environment.FullPath(typed), environment.Stop.Token);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw (new Problem("DT4002", ExitCode.Input, $"{typed}: cannot be read ({e.Message})") { File = typed }).AsException(e);
        }
    }

    sealed class StoppableFile(string path, CancellationToken stop)
        : FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1 << 16, FileOptions.SequentialScan)
    {
        public override int Read(Span<byte> buffer)
        {
            stop.ThrowIfCancellationRequested();
            return base.Read(buffer);
        }

        public override int Read(byte[] buffer, int offset, int count)
        {
            stop.ThrowIfCancellationRequested();
            return base.Read(buffer, offset, count);
        }
    }
}
